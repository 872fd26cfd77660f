/**
 * The stream engine: an embeddable implementation of Kinesis on local disk. {@link io.penstock.engine.StreamEngine}
 * starts it.
 */
@NullMarked
package io.penstock.engine;

import org.jspecify.annotations.NullMarked;
