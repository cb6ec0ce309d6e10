using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DoSnapshot.Notifying.Channels;

/// <summary>Shows to whoever is called that it was we who called, and when.</summary>
public static class Signature
{
    /// <summary>The signature of a call.</summary>
    /// <param name="secret">What both know.</param>
    /// <param name="body">What is said.</param>
    /// <param name="at">When, UTC; who is called refuses what is old, so that nobody says it again.</param>
    /// <returns><c>t=SECONDS,v1=HEX</c>: HMAC-SHA256 over <c>SECONDS.BODY</c>, the seconds since 1970.</returns>
    public static string Of(byte[] secret, byte[] body, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(body);
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(secret, (byte[])[.. Encoding.ASCII.GetBytes($"{seconds}."), .. body]))}";
    }
}
