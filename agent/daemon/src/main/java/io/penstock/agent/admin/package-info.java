/** The admin listener: liveness, readiness, metrics, and what the agent is doing, for people and for machines. */
@NullMarked
package io.penstock.agent.admin;

import org.jspecify.annotations.NullMarked;
