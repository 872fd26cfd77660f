/** What a failed call means: what kind of failure it is and whether trying again may help. */
@NullMarked
package io.penstock.delivery.kinesis.fault;

import org.jspecify.annotations.NullMarked;
