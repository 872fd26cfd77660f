/** What the agent tells the service manager that started it. */
@NullMarked
package io.penstock.agent.service;

import org.jspecify.annotations.NullMarked;
