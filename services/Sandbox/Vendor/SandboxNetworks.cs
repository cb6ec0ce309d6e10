namespace DoSnapshot.Sandbox;

/// <summary>The addresses of a droplet, made from its number; the public ones are set aside for documentation and lead nowhere.</summary>
internal static class SandboxNetworks
{
    public static object Of(SandboxDroplet droplet)
    {
        var mixed = SandboxNumbers.Mix(droplet.Id);
        var (high, low) = ((mixed >> 8) % 256, 2 + (mixed % 253));
        return new
        {
            V4 = new[]
            {
                new { IpAddress = $"10.108.{high}.{low}", Netmask = "255.255.240.0", Gateway = (string?)"10.108.0.1", Type = "private" },
                new { IpAddress = $"203.0.113.{low}", Netmask = "255.255.255.0", Gateway = (string?)"203.0.113.1", Type = "public" },
            },
            V6 = droplet.Ipv6
                ? new[] { new { IpAddress = $"2001:db8::{high:x}:{low:x}", Netmask = 64, Gateway = "2001:db8::1", Type = "public" } }
                : [],
        };
    }
}
