// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves files on this computer, with ranges and ETags, and with the faults that a test orders. */
public final class FaultyServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Queue<Fault> faults = new ArrayDeque<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean ranges = true;
    private volatile String tag = "\"first\"";

    /** Starts it at a free port. */
    public FaultyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** What an answer does; one for each request, then there are no more faults. */
    public enum Fault {
        /** Sends nothing. */
        SILENCE,
        /** Sends half of what was asked for, then nothing. */
        STALL,
        /** Sends half of what was asked for, then ends the connection. */
        BREAK_OFF,
        /** The first byte is another one. */
        CORRUPT,
        /** Status 403. */
        FORBIDDEN,
        /** Status 500. */
        SERVER_ERROR
    }

    public String address(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    public FaultyServer serve(String path, byte... content) {
        files.put(path, content.clone());
        return this;
    }

    public synchronized void order(Fault... ordered) {
        faults.addAll(Arrays.asList(ordered));
    }

    private synchronized Fault nextFault() {
        return faults.poll();
    }

    void tag(String newTag) {
        tag = newTag;
    }

    void withoutRanges() {
        ranges = false;
    }

    /** What was asked for: the ranges, "all" without one. */
    public List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(range == null ? "all" : range);
        Fault fault = nextFault();
        byte[] file = files.get(exchange.getRequestURI().getPath());
        if (fault == Fault.SILENCE) {
            await();
        } else if (fault == Fault.FORBIDDEN || fault == Fault.SERVER_ERROR || file == null) {
            int other = fault == Fault.FORBIDDEN ? 403 : 500;
            exchange.sendResponseHeaders(fault == null ? 404 : other, -1);
        } else {
            send(exchange, file.clone(), range, fault);
        }
        exchange.close();
    }

    private void send(HttpExchange exchange, byte[] file, String range, Fault fault) throws IOException {
        if (fault == Fault.CORRUPT) {
            file[0]++;
        }
        int start = 0;
        if (tag != null) {
            exchange.getResponseHeaders().set("ETag", tag);
        }
        if (ranges && range != null && exchange.getRequestHeaders().getFirst("If-Range").equals(tag)) {
            start = Integer.parseInt(range.replaceAll("\\D", ""));
            exchange.getResponseHeaders().set("Content-Range", start < file.length
                    ? "bytes " + start + "-" + (file.length - 1) + "/" + file.length
                    : "bytes */" + file.length);
        }
        int length = file.length - start;
        if (length <= 0) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        exchange.sendResponseHeaders(start == 0 ? 200 : 206, length);
        boolean half = fault == Fault.STALL || fault == Fault.BREAK_OFF;
        OutputStream out = exchange.getResponseBody();
        out.write(file, start, half ? length / 2 : length);
        out.flush();
        if (fault == Fault.STALL) {
            await();
        }
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
