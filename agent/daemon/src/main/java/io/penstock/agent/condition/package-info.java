/** The conditions of the agent: found by its parts, held in one registry that page, status, log and metric read. */
@NullMarked
package io.penstock.agent.condition;

import org.jspecify.annotations.NullMarked;
