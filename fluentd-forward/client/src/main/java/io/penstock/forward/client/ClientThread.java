package io.penstock.forward.client;

/**
 * A client's threads: they neither keep an application alive nor hold on to the class loader or the inheritable thread
 * locals of whoever started them.
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
