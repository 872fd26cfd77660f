/** The command line: one class per sub-command of {@code penstock}. */
@NullMarked
package io.penstock.agent.cli;

import org.jspecify.annotations.NullMarked;
