/** The command line of the tools: what each command of them is told, and what it prints. */
@NullMarked
package io.penstock.tools.cli;

import org.jspecify.annotations.NullMarked;
