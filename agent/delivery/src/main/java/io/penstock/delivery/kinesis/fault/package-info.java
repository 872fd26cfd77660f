/** Failures of calls: their kinds, and whether another try may succeed. */
@NullMarked
package io.penstock.delivery.kinesis.fault;

import org.jspecify.annotations.NullMarked;
