namespace Dlt;

/// <summary>A record that its file's reader could not make an item of, for <c>_dlt_rejected</c>.</summary>
/// <param name="Record">Its text.</param>
/// <param name="File">The file.</param>
/// <param name="Line">1-based number of the record in the file.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record RejectedRecord(string Record, string File, long Line, string Reason);
