/**
 * The stream engine: a Kinesis of one's own, embeddable, on local disk. {@link io.penstock.engine.StreamEngine} starts
 * it.
 */
@NullMarked
package io.penstock.engine;

import org.jspecify.annotations.NullMarked;
