package io.penstock.forward.client;

/**
 * A daemon thread of a client. It does not keep the class loader or the inheritable thread locals of the thread that
 * creates it.
 */
final class ClientThread extends Thread {
    private ClientThread(String name, Runnable task) {
        super(null, task, name, 0, false);
        setDaemon(true);
        setContextClassLoader(ClientThread.class.getClassLoader());
    }

    static Thread start(String name, Runnable task) {
        Thread thread = new ClientThread(name, task);
        thread.start();
        return thread;
    }
}
