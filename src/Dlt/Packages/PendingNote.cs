using Dlt.Packages;

namespace Dlt;

/// <summary>What a run that was stopped leaves, in words: carried by the exception that ended it, to whoever prints it.</summary>
internal static class PendingNote
{
    private const string Key = "Dlt.Pending";

    /// <summary>Notes what a working folder holds.</summary>
    public static void Attach(Exception error, string pipeline, WorkingFolder folder)
    {
        List<string> pending = [.. new[] { folder.Extracted, folder.Normalized }.SelectMany(WorkingFolder.Packages).Select(p =>
            p.LoadId).Distinct()];
        error.Data[Key] = pending.Count == 0
            ? $"Nothing of pipeline '{pipeline}' is pending: the next run begins with its extract."
            : $"Pending of pipeline '{pipeline}': {string.Join(", ", pending)}. The next run loads that first.";
    }

    /// <summary>The note of an exception; null for none.</summary>
    public static string? Of(Exception error) => error.Data[Key] as string;
}
