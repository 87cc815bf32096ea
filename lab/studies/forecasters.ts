/**
 * The forecasters of the bench: from the readings of a level so far to the time that is left (forecast-study.ts).
 *
 * A forecaster sees one server, and nothing of its future. It gives no forecast if there is no basis for one: without a
 * rise, at the limit, or with too few readings. Forecasters draw no random numbers: the same readings give the same
 * forecast.
 */
import {
  compoundPoissonForecast,
  diffusionForecast,
  predictLinear,
  regressionForecast,
  type Forecast,
  type Readings,
} from "../../statistics/days-left.ts";

export interface Forecaster {
  readonly name: string;
  /** How it forecasts, in a few words. */
  readonly meaning: string;
  /** Its intervals are known to be invalid, or it has none. */
  readonly isUnsafe?: true;
  /** It forecasts a time without an interval, so it has no coverage. */
  readonly isPoint?: true;
  readonly forecast: (readings: Readings) => Forecast | undefined;
}

/** The forecasters, in the order of reports. */
export const forecasters: readonly Forecaster[] = [
  {
    name: "end-points",
    meaning: "last reading less first, and a walk with that drift (inverse Gaussian)",
    forecast: (readings) => diffusionForecast(readings, "endPoint"),
  },
  {
    name: "least-squares",
    meaning: "slope of the least-squares line, and a walk with that drift",
    forecast: (readings) => diffusionForecast(readings, "leastSquares"),
  },
  {
    name: "theil-sen",
    meaning: "median of the slopes of all pairs, and a walk with that drift",
    forecast: (readings) => diffusionForecast(readings, "theilSen"),
  },
  {
    name: "compound-poisson",
    meaning: "leaks one by one, as large as the increments say, never given back",
    forecast: compoundPoissonForecast,
  },
  {
    name: "regression",
    meaning: "slope of the least-squares line with its textbook error, known to be unsafe",
    forecast: regressionForecast,
    isUnsafe: true,
  },
  {
    name: "predict-linear",
    meaning: "when the least-squares line of Prometheus' predict_linear reaches the limit; without an interval",
    forecast: predictLinear,
    isUnsafe: true,
    isPoint: true,
  },
];
