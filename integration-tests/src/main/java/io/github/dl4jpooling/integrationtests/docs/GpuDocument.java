// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import io.github.dl4jpooling.zoo.text.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The table of kernels for GPUs: registers, and how many threads of a multiprocessor they leave room for. */
final class GpuDocument {

    /** Where it is written, from the root of the checkout. */
    static final String FILE = "docs/gpu-kernels.md";

    private static final int REGISTERS = 65_536; // of a multiprocessor
    private static final int BLOCK = 256;
    private static final int ALLOCATION = 256; // registers of a warp come in such pieces
    private static final int WARP = 32;
    private static final Map<Integer, Integer> THREADS = Map.of(80, 2048, 90, 2048);

    /** Generations of devices that the table names. */
    static final List<Integer> TARGETS = List.copyOf(THREADS.keySet());

    private static final List<String> TYPES = List.of("f32", "f64", "f16", "bf16");

    private GpuDocument() {}

    static String text(List<GpuCompilation.Pass> passes) {
        Map<String, Map<String, GpuCompilation.Pass>> byName = new TreeMap<>();
        for (GpuCompilation.Pass pass : passes) {
            String name = pass.name();
            int cut = name.lastIndexOf('_');
            byName.computeIfAbsent(name.substring(0, cut), key -> new TreeMap<>())
                    .put(name.substring(cut + 1) + " " + pass.target(), pass);
        }
        Table table = new Table("Pass", ">f32", ">f64", ">f16", ">bf16", ">f32, 9.0", ">threads, f32", ">stack, f64");
        Table bytes = new Table("Pass", ">s8", ">u8", ">s8, 9.0", ">threads, s8");
        byName.forEach((name, variants) -> {
            if (!variants.containsKey("f32 80")) {
                bytes.row(name, Integer.toString(variants.get("s8 80").registers()),
                        Integer.toString(variants.get("u8 80").registers()),
                        Integer.toString(variants.get("s8 90").registers()),
                        Integer.toString(residentThreads(variants.get("s8 80"))));
                return;
            }
            List<String> registers = TYPES.stream().map(type -> variants.get(type + " 80"))
                    .map(pass -> Integer.toString(pass.registers()))
                    .collect(Collectors.toList());
            table.row(
                    name,
                    registers.get(0),
                    registers.get(1),
                    registers.get(2),
                    registers.get(3),
                    Integer.toString(variants.get("f32 90").registers()),
                    Integer.toString(residentThreads(variants.get("f32 80"))),
                    Integer.toString(variants.get("f64 80").stack()));
        });
        return "<!-- Written by ./pooling docs --gpu: do not edit. -->\n# Kernels for GPUs: registers\n\n"
                + "What `nvcc --resource-usage` says of every pass, compiled for compute capability 8.0 (and, where "
                + "named, 9.0) from the text\nthat the run-time compiler gets: registers of a thread by element type; "
                + "threads that a multiprocessor of 8.0 holds at\nonce, of 2048 at most; bytes of local memory of "
                + "double kernels (float kernels have none, which a test makes sure of).\nWhat the passes do: "
                + "[gpu.md](gpu.md).\n\n" + table.toMarkdown()
                + "\nPasses of operators of 8-bit numbers:\n\n" + bytes.toMarkdown();
    }

    private static int residentThreads(GpuCompilation.Pass pass) {
        int ofWarp = (pass.registers() * WARP + ALLOCATION - 1) / ALLOCATION * ALLOCATION;
        int blocks = REGISTERS / (ofWarp * (BLOCK / WARP));
        return Math.min(THREADS.get(pass.target()), blocks * BLOCK);
    }
}
