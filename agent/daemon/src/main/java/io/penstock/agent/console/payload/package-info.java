/** What a record's bytes are, in words that a page can show: JSON, text, aggregated, compressed or other bytes. */
@NullMarked
package io.penstock.agent.console.payload;

import org.jspecify.annotations.NullMarked;
