#include "CDevFTKernels.h"
