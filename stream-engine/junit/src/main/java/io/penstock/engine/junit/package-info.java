/** Stream engines for tests of JUnit 5 and 6; see {@link io.penstock.engine.junit.EngineExtension}. */
@NullMarked
package io.penstock.engine.junit;

import org.jspecify.annotations.NullMarked;
