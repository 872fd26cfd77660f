/** The commands that look into the spools of a stopped agent, and those of dead letters. */
@NullMarked
package io.penstock.tools.cli.spool;

import org.jspecify.annotations.NullMarked;
