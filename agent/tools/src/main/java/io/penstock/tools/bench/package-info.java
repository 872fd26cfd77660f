/**
 * Load generation for sizing: sends marked events over one protocol, measures the answers, and accounts for each event
 * in its stream.
 */
@NullMarked
package io.penstock.tools.bench;

import org.jspecify.annotations.NullMarked;
