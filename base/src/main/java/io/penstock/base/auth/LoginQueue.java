package io.penstock.base.auth;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Logins that wait for a thread. The queue serves one address after the other: a thousand guesses from one address
 * delay the later logins of that address, but a login from another address by at most one. Bounded; thread-safe by its
 * lock.
 */
final class LoginQueue {
    private final int max;
    private final Map<String, Queue<Runnable>> byAddress = new LinkedHashMap<>();
    private int size;

    public LoginQueue(int max) {
        this.max = max;
    }

    /** Adds a login of {@code address}. Returns false at the bound. */
    public synchronized boolean add(String address, Runnable login) {
        if (size == max) {
            return false;
        }
        size++;
        byAddress.computeIfAbsent(address, first -> new ArrayDeque<>(2)).add(login);
        return true;
    }

    /** Runs the next login. To be called once for each added login. */
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
            byAddress.put(address, logins); // at the end, behind the other addresses
        }
        size--;
        return login;
    }
}
