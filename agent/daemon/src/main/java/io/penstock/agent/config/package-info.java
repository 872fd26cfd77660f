/**
 * The configuration: read from YAML with every mistake found at once, typed, complete with its defaults, and printed
 * back in effect. Everything it hands out is immutable.
 */
@NullMarked
package io.penstock.agent.config;

import org.jspecify.annotations.NullMarked;
