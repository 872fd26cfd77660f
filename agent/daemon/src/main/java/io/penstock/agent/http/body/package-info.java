/** Bodies of requests: gathered within bounds, unpacked within bounds, taken apart into records a slice at a time. */
@NullMarked
package io.penstock.agent.http.body;

import org.jspecify.annotations.NullMarked;
