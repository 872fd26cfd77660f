/** Calls of other clients that are passed on to a target. */
@NullMarked
package io.penstock.delivery.kinesis.pass;

import org.jspecify.annotations.NullMarked;
