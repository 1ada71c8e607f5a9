// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The workloads that {@code ./pooling bench} knows. */
final class Workloads {

    private static final List<String> BASIC = List.of("max_pool", "average_pool", "sum_pool", "soft_pool");
    private static final List<String> OTHERS = List.of("mixed_pool", "gated_pool", "stochastic_pool",
            "power_average_pool", "lip_pool");
    private static final List<String> THREE = List.of("max_pool", "average_pool", "soft_pool");

    private Workloads() {}

    private static List<Workload> of(List<String> operators, String... rest) {
        return Stream.of(rest).flatMap(text -> operators.stream().map(name -> Workload.of(name + " " + text)))
                .collect(Collectors.toList());
    }

    /** Early and middle layers of networks, in every layout, type and number of dimensions; maps, regions, learned. */
    static List<Workload> all() {
        List<Workload> all = new ArrayList<>();
        all.addAll(of(BASIC, "2x2/2 32x64x112x112 float first", "3x3/2p1 32x64x112x112 float first",
                "3x3/2 64x256x28x28 float first"));
        all.addAll(of(OTHERS, "2x2/2 32x64x112x112 float first", "3x3/2 64x256x28x28 float first"));
        all.addAll(of(List.of("lip_pool", "soft_pool"), "3x3/2p1 32x64x56x56 float first"));
        all.addAll(of(List.of("dpp_pool", "soft_pool"), "2x2/2 32x64x56x56 float first"));
        all.addAll(of(List.of("adaptive_avg_pool", "adaptive_max_pool"), "to1x1 8x2048x7x7 float first",
                "to56x56 32x64x112x112 float first"));
        all.addAll(of(THREE, "5/5 64x128x1000 float first", "2x2x2/2 4x32x16x56x56 float first"));
        all.addAll(of(THREE, "2x2/2 32x64x112x112 float last", "2x2/2 32x64x112x112 float strided",
                "2x2/2 32x64x112x112 half first", "2x2/2 32x64x112x112 double first"));
        all.addAll(of(List.of("soft_pool"), "3x3/2p1 32x64x112x112 float last",
                "3x3/2p1 32x64x112x112 float strided", "3x3/2p1 32x64x112x112 half first"));
        all.addAll(of(List.of("roi_align"), "to7x7s2b512 2x256x50x68 float first",
                "to7x7s2b64 2x256x50x68 float first", "to7x7s0b512 2x256x50x68 float first"));
        all.addAll(of(List.of("deformable_roi_pool"), "to7x7s2b512 2x256x50x68 float first"));
        all.addAll(of(List.of("spatial_pyramid_pool"), "levels1_2_4 32x256x13x13 float first"));
        return all;
    }

    /** Soft, max and average pooling from 1 MB to 1 GB. */
    static List<Workload> sizes() {
        return of(THREE, "2x2/2 1x64x64x64 float first", "2x2/2 4x64x112x112 float first",
                "2x2/2 32x64x112x112 float first", "2x2/2 320x64x112x112 float first");
    }
}
