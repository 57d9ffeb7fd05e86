namespace Dlt;

/// <summary>A record of a file that could not be read as an item, for <c>_dlt_rejected</c>.</summary>
/// <param name="Record">Text of the record.</param>
/// <param name="File">Name of the file.</param>
/// <param name="Line">1-based number of the record in the file.</param>
/// <param name="Reason">Reason why the record was rejected.</param>
internal sealed record RejectedRecord(string Record, string File, long Line, string Reason);
