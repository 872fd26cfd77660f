/** Routes: which stream an event goes to, under which partition key, in which format. */
@NullMarked
package io.penstock.agent.route;

import org.jspecify.annotations.NullMarked;
