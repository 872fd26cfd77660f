/** Posted records: from a request to the spool and back to its answer. */
@NullMarked
package io.penstock.agent.http.post;

import org.jspecify.annotations.NullMarked;
