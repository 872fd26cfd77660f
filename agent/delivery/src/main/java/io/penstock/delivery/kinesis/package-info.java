/** Targets: the Kinesis endpoints that streams are sent to, and how a call to one can end. */
@NullMarked
package io.penstock.delivery.kinesis;

import org.jspecify.annotations.NullMarked;
