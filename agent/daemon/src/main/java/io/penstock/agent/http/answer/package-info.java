/** How a request is answered when it is refused: one shape of error for every listener of HTTP. */
@NullMarked
package io.penstock.agent.http.answer;

import org.jspecify.annotations.NullMarked;
