namespace Dlt.Destinations;

/// <summary>The run that takes a lease, as other machines see it.</summary>
/// <param name="Host">Name of the machine.</param>
/// <param name="ProcessId">Id of the process on that machine.</param>
/// <param name="Folder">Full path of the working folder.</param>
/// <param name="FolderId">
/// Random id that is stored in the working folder, because machines may share a name and a path. A run with the same host, folder and id
/// has the lock of that folder, so the earlier holder is dead.
/// </param>
public sealed record LeaseHolder(string Host, int ProcessId, string Folder, string FolderId)
{
    /// <summary>Text for messages: <c>process 4711 on build-7, in /home/me/.dlt/pipelines/shop</c>.</summary>
    public override string ToString() => $"process {ProcessId} on {Host}, in {Folder}";
}
