/** How a command finds the agent that runs, and asks it. */
@NullMarked
package io.penstock.tools.cli.admin;

import org.jspecify.annotations.NullMarked;
