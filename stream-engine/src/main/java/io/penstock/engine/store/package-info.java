/**
 * Where streams are kept: metadata by compare-and-set, records in one log per stream. One small interface and the local
 * store.
 */
@NullMarked
package io.penstock.engine.store;

import org.jspecify.annotations.NullMarked;
