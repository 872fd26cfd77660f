package io.penstock.mqtt.internal.auth;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Logins that wait for a thread, one address after the other: a thousand guesses from one address delay those behind
 * them from there, and one login from elsewhere by one. Bounded; thread-safe by its lock.
 */
public final class LoginQueue {
    private final int max;
    private final Map<String, Queue<Runnable>> byAddress = new LinkedHashMap<>();
    private int size;

    public LoginQueue(int max) {
        this.max = max;
    }

    /** Adds one of {@code address}; false at the bound. */
    public synchronized boolean add(String address, Runnable login) {
        if (size == max) {
            return false;
        }
        size++;
        byAddress.computeIfAbsent(address, first -> new ArrayDeque<>(2)).add(login);
        return true;
    }

    /** Runs the next; for each that was added this must be called once. */
    public void runNext() {
        take().run();
    }

    private synchronized Runnable take() {
        Iterator<Map.Entry<String, Queue<Runnable>>> addresses =
                byAddress.entrySet().iterator();
        Map.Entry<String, Queue<Runnable>> first = addresses.next();
        String address = first.getKey();
        Queue<Runnable> logins = first.getValue();
        addresses.remove();
        Runnable login = logins.remove();
        if (!logins.isEmpty()) {
            byAddress.put(address, logins); // At the end: the others come first.
        }
        size--;
        return login;
    }
}
