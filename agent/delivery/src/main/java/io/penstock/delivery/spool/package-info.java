/** The spool: per stream, the accepted events on local disk between the source's acknowledgement and delivery. */
@NullMarked
package io.penstock.delivery.spool;

import org.jspecify.annotations.NullMarked;
