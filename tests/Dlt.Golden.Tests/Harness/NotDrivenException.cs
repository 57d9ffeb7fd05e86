namespace Dlt.Golden.Harness;

/// <summary>A case uses a word that its driver does not know. The message has the word and its place.</summary>
internal sealed class NotDrivenException(string word) : Exception($"The driver does not know {word}.")
{
    public string Word { get; } = word;
}
