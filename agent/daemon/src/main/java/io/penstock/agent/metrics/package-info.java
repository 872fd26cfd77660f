/** The names under which the agent's facts are counted, and the log lines that go with them. */
@NullMarked
package io.penstock.agent.metrics;

import org.jspecify.annotations.NullMarked;
