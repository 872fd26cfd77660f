/** What the process logs: levels, form, and where it goes. */
@NullMarked
package io.penstock.agent.logging;

import org.jspecify.annotations.NullMarked;
