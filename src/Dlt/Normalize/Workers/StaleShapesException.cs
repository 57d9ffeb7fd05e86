namespace Dlt.Normalize.Workers;

/// <summary>
/// A chunk before this one changed how objects become rows: the rows of this chunk must be made again. Never leaves the normaliser.
/// </summary>
internal sealed class StaleShapesException : Exception;
