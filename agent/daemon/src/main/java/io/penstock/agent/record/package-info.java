/**
 * Record encoding: from what a source received straight to the bytes that the stream will hold, without a tree or a
 * string in between.
 */
@NullMarked
package io.penstock.agent.record;

import org.jspecify.annotations.NullMarked;
