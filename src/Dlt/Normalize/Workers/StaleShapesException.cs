namespace Dlt.Normalize.Workers;

/// <summary>
/// Thrown when an earlier chunk changed how objects become rows, so the rows of this chunk must be made again. It never leaves the
/// normaliser.
/// </summary>
internal sealed class StaleShapesException : Exception;
