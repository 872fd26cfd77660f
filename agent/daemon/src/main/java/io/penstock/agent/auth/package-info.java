/** Under which name a request to an HTTP listener was admitted, and what that name may do. */
@NullMarked
package io.penstock.agent.auth;

import org.jspecify.annotations.NullMarked;
