/**
 * The storage of streams: metadata by compare-and-set, and records in one log per stream. One small interface and its
 * implementation on local disk.
 */
@NullMarked
package io.penstock.engine.store;

import org.jspecify.annotations.NullMarked;
