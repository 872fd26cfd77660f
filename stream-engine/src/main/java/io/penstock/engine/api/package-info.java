/**
 * The operations of the Kinesis API over HTTP.
 */
@NullMarked
package io.penstock.engine.api;

import org.jspecify.annotations.NullMarked;
