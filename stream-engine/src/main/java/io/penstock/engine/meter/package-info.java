/** What the engine counts. */
@NullMarked
package io.penstock.engine.meter;

import org.jspecify.annotations.NullMarked;
