// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import io.github.dl4jpooling.integrationtests.golden.GoldenTest;

/** The golden vectors on the GPU. */
@OnGpu
class GpuGoldenTest extends GoldenTest {}
