/** What the live page shows: figures of now, the last hour, the latest events, and the HTTP answers that carry them. */
@NullMarked
package io.penstock.agent.live;

import org.jspecify.annotations.NullMarked;
