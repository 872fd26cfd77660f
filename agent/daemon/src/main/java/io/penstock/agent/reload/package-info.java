/** Changes of the configuration while the agent runs: what a part has ready, and what became of all of them. */
@NullMarked
package io.penstock.agent.reload;

import org.jspecify.annotations.NullMarked;
