namespace Dlt.Destinations.Journal;

/// <summary>A prepared load whose files or schema are gone, so no run can complete it. This run has changed nothing of it.</summary>
internal sealed class UnfinishableLoadException(string message) : DltException(message);
