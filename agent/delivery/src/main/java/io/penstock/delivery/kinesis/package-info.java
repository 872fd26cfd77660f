/** Targets: the Kinesis endpoints to which streams are sent, and the possible results of a call. */
@NullMarked
package io.penstock.delivery.kinesis;

import org.jspecify.annotations.NullMarked;
