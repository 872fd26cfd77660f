/** Spools and dead letters of a data folder that no agent runs on. */
@NullMarked
package io.penstock.tools.spool;

import org.jspecify.annotations.NullMarked;
